// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.vpmd.contract.LoopbackFixture;
import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;

import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

import java.io.PrintWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The contract against the third-party driver of a module layer, in a JVM of its own. */
class ThirdPartySuite extends PortContract {
    static final String MODULE = "com.example.vpmd.wire";

    private static final List<PortDriver> DRIVERS = Ports.drivers(layer());

    private static ModuleLayer layer() {
        ModuleLayer boot = ModuleLayer.boot();
        ModuleFinder there = ModuleFinder.of(Path.of(System.getProperty("contract.module")));
        Configuration resolved =
                boot.configuration().resolveAndBind(there, ModuleFinder.of(), Set.of(MODULE));
        return boot.defineModulesWithOneLoader(resolved, ClassLoader.getSystemClassLoader());
    }

    /**
     * Runs the suite and prints a summary; the exit code is the number of failures. The folder of
     * the module is in the property {@code contract.module}.
     */
    public static void main(String[] args) {
        for (PortDriver driver : DRIVERS) {
            System.out.println(driver.name() + " of " + driver.getClass().getModule());
        }
        var summary = new SummaryGeneratingListener();
        var request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(ThirdPartySuite.class))
                        .filters(TagFilter.excludeTags("debug"))
                        .build();
        LauncherFactory.create().execute(request, summary);
        summary.getSummary()
                .printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        System.out.println("passed " + summary.getSummary().getTestsSucceededCount());
        System.exit((int) Math.min(100, summary.getSummary().getTotalFailureCount()));
    }

    @Override
    protected PortFixture fixture(int number) {
        return new LoopbackFixture("example_wire:" + number) {
            @Override
            public Port open() {
                return Ports.open(PortSpec.parse(spec()), DRIVERS);
            }
        };
    }
}
