// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import com.tngtech.archunit.core.importer.ClassFileImporter;

import io.vpmd.contract.ArchitectureRules;
import io.vpmd.contract.SourceRules;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class ArchitectureTest {
    @Test
    void classesKeepTheRules() {
        ArchitectureRules.check(new ClassFileImporter().importPath("target/classes"));
    }

    @Test
    void sourcesNameTheirLicense() {
        SourceRules.checkLicenseLines(Path.of(""));
    }
}
