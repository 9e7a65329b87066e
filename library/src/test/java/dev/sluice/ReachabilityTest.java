// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A descriptor that is in use is never taken for a forgotten one: whoever hands what it owns to a call below keeps it
 * reachable until that has returned. Whether the collector comes in between is chance, so the bytecode is looked at.
 */
class ReachabilityTest {
    private static final List<String> OWNED = List.of("OpenDescriptor;", "Side;");

    @Test
    void everyMethodThatUsesTheDescriptorKeepsItReachable() throws IOException {
        List<MethodModel> using = Stream.concat(
                        Stream.of(Descriptor.class), Stream.of(Descriptor.class.getPermittedSubclasses()))
                .flatMap(ReachabilityTest::methods)
                .filter(ReachabilityTest::usesWhatItOwns)
                .toList();
        assertThat(using).hasSizeGreaterThan(5);
        assertThat(using).allSatisfy(method -> assertThat(calls(method))
                .as(method.toString())
                .anyMatch(call -> call.name().equalsString("reachabilityFence")));
    }

    private static Stream<MethodModel> methods(Class<?> type) {
        String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (InputStream bytes = type.getResourceAsStream(file)) {
            return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
                    .filter(method -> !method.flags().has(AccessFlag.STATIC));
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static boolean usesWhatItOwns(MethodModel method) {
        return !method.methodName().equalsString("<init>")
                && calls(method)
                        .anyMatch(call -> call.opcode() == Opcode.INVOKESTATIC
                                && OWNED.stream().anyMatch(call.type().stringValue()::contains));
    }

    private static Stream<InvokeInstruction> calls(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast);
    }
}
