// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link NeedsTool} does. */
final class NeedsToolCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = AnnotationSupport.findAnnotation(context.getElement(), NeedsTool.class).stream()
                .flatMap(needs -> Stream.of(needs.value()))
                .filter(tool -> Tools.find(tool).isEmpty())
                .toList();
        return missing.isEmpty()
                ? ConditionEvaluationResult.enabled("all tools are there")
                : ConditionEvaluationResult.disabled(Needs.missing(String.join(", ", missing)));
    }
}
