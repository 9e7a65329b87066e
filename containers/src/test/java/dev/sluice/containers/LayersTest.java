// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds what {@code docs/architecture.md} says about who may use whom in this module. */
class LayersTest {
    private static final String DOCKER = "dev.sluice.containers.docker..";
    private static final String CONTAINERD = "dev.sluice.containers.containerd..";
    private static final String DAEMON = "dev.sluice.containers.daemon..";
    private static final String INTAKE = "dev.sluice.containers.intake..";
    private static final String LOG = "dev.sluice.containers.log..";
    private static final String HTTP = "dev.sluice.containers.http..";
    private static final String API = "dev.sluice.containers";

    private final JavaClasses module = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice.containers");

    @Test
    void importsRunDownward() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("docker").definedBy(DOCKER)
                .layer("containerd").definedBy(CONTAINERD)
                .layer("daemon").definedBy(DAEMON)
                .layer("intake").definedBy(INTAKE)
                .layer("log").definedBy(LOG)
                .layer("http").definedBy(HTTP)
                .whereLayer("docker").mayNotBeAccessedByAnyLayer()
                .whereLayer("containerd").mayNotBeAccessedByAnyLayer()
                .whereLayer("daemon").mayOnlyBeAccessedByLayers("docker", "containerd")
                .whereLayer("intake").mayOnlyBeAccessedByLayers("docker", "containerd", "daemon")
                .whereLayer("log").mayOnlyBeAccessedByLayers("docker", "containerd", "daemon", "intake")
                .whereLayer("http").mayOnlyBeAccessedByLayers("docker", "daemon")
                .check(module);
    }

    @Test
    void everyClassBelongsToALayer() {
        classes().should().resideInAnyPackage(API, DOCKER, CONTAINERD, DAEMON, INTAKE, LOG, HTTP).check(module);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.sluice.containers.(**)").should().beFreeOfCycles().allowEmptyShould(true).check(module);
    }

    @Test
    void onlyTheLibrarysPublicApiIsUsed() {
        noClasses().should().dependOnClassesThat(resideInAPackage("dev.sluice.internal..")).check(module);
    }

    @Test
    void theLogKnowsNeitherHttpNorProtobuf() {
        noClasses()
                .that().resideInAPackage(LOG)
                .should().dependOnClassesThat().resideInAnyPackage(
                        "org.apache.hc..", "com.google.protobuf..", "io.micrometer..")
                .check(module);
    }
}
