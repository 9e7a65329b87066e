// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says which programs on the path a test, or each test of a class, cannot do without. Where one is missing,
 * the test is reported as not run; where {@code CI=true} is set, it fails, because there all must run.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsToolCondition.class)
public @interface NeedsTool {
    /**
     * The programs' names.
     *
     * @return for instance {@code socat}
     */
    String[] value();
}
