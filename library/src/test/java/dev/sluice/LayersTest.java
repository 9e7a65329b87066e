// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Holds what {@code docs/architecture.md} says about who may use whom. */
class LayersTest {
    private static final String API = "dev.sluice";
    private static final String COPY = "dev.sluice.internal.copy..";
    private static final String NET = "dev.sluice.internal.net..";
    private static final String POLL = "dev.sluice.internal.poll..";
    private static final String LINUX = "dev.sluice.internal.linux..";

    private final JavaClasses library = new ClassFileImporter().importPath(BuiltClasses.folder());

    @Test
    void importsRunDownward() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("api").definedBy(API)
                .layer("copy").definedBy(COPY)
                .layer("net").definedBy(NET)
                .layer("poll").definedBy(POLL)
                .layer("linux").definedBy(LINUX)
                .whereLayer("api").mayNotBeAccessedByAnyLayer()
                .whereLayer("copy").mayOnlyBeAccessedByLayers("api")
                .whereLayer("net").mayOnlyBeAccessedByLayers("api")
                .whereLayer("poll").mayOnlyBeAccessedByLayers("api", "copy", "net")
                .whereLayer("linux").mayOnlyBeAccessedByLayers("api", "copy", "net", "poll")
                .check(library);
    }

    @Test
    void everyClassBelongsToALayer() {
        classes().should().resideInAnyPackage(API, COPY, NET, POLL, LINUX).check(library);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.sluice.(**)").should().beFreeOfCycles().allowEmptyShould(true).check(library);
    }

    @Test
    void onlyTheLowestLayerCallsTheKernel() {
        noClasses()
                .that().resideOutsideOfPackage(LINUX)
                .should().dependOnClassesThat(
                        belongToAnyOf(Linker.class, SymbolLookup.class, FunctionDescriptor.class, AddressLayout.class))
                .check(library);
    }

    @Test
    void onlyTheJdkIsUsed() {
        noClasses()
                .should().dependOnClassesThat(
                        not(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                                "dev.sluice..", "java..", "javax..", "jdk.jfr..", "org.jspecify.annotations..", "")))
                .check(library);
    }

    @Test
    void theModuleExportsTheApiAloneAndRequiresTheJdkAlone() throws IOException {
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(BuiltClasses.folder().resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }

        assertThat(module.exports()).singleElement().satisfies(export -> {
            assertThat(export.source()).isEqualTo(API);
            assertThat(export.isQualified()).isFalse();
        });
        assertThat(module.opens()).isEmpty();
        assertThat(module.requires()).allSatisfy(requires -> {
            if (!requires.modifiers().contains(Requires.Modifier.STATIC)) {
                assertThat(requires.name()).matches("(java|jdk)\\..*");
            }
        });
    }
}
