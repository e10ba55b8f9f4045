// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The drivers that are there and the ports that are open in this process. */
public final class Ports {
    private static final List<AbstractPort> OPEN = new ArrayList<>();

    private Ports() {}

    /**
     * The drivers on the class path and the module path, sorted by name.
     *
     * @throws ServiceConfigurationError when two drivers have one name, or one cannot be loaded
     */
    public static List<PortDriver> drivers() {
        return drivers(ServiceLoader.load(PortDriver.class));
    }

    /** The drivers of a module layer, sorted by name. */
    public static List<PortDriver> drivers(ModuleLayer layer) {
        return drivers(ServiceLoader.load(layer, PortDriver.class));
    }

    private static List<PortDriver> drivers(ServiceLoader<PortDriver> loader) {
        TreeMap<String, PortDriver> byName = new TreeMap<>();
        for (PortDriver driver : loader) {
            PortDriver other = byName.put(driver.name(), driver);
            if (other != null) {
                throw new ServiceConfigurationError(
                        "two drivers are named "
                                + driver.name()
                                + ": "
                                + origin(other)
                                + " and "
                                + origin(driver)
                                + "; take one of them off the path");
            }
        }
        return List.copyOf(byName.values());
    }

    private static String origin(PortDriver driver) {
        Module module = driver.getClass().getModule();
        return driver.getClass().getName()
                + (module.isNamed() ? " in module " + module.getName() : " on the class path");
    }

    /**
     * Opens a port, for example {@code "net_kni:vEth0,mtu=1400"}.
     *
     * @throws SpecException when the spec is malformed, or names an unknown driver or key
     * @throws PortException when the port cannot be opened
     */
    public static Port open(String spec) {
        return open(PortSpec.parse(spec));
    }

    /** Opens a port. */
    public static Port open(PortSpec spec) {
        return open(spec, drivers());
    }

    /** Opens a port with one of {@code drivers}. */
    public static Port open(PortSpec spec, List<PortDriver> drivers) {
        PortDriver driver = find(spec, drivers);
        checkKeys(spec, driver);
        String name = spec.driver() + ":" + spec.device();
        synchronized (OPEN) {
            if (named(name) != null) {
                throw new PortException(
                        "open",
                        name,
                        "it is open in this process already",
                        "use that port or close it");
            }
        }
        AbstractPort port = driver.open(spec);
        try {
            register(port);
            port.opened();
        } catch (RuntimeException e) {
            closeAfter(e, port);
            throw e;
        }
        return port;
    }

    /** What kept the port from opening is the news, not that closing it failed as well. */
    private static void closeAfter(RuntimeException failure, AbstractPort port) {
        try {
            port.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static PortDriver find(PortSpec spec, List<PortDriver> drivers) {
        for (PortDriver driver : drivers) {
            if (driver.name().equals(spec.driver())) {
                return driver;
            }
        }
        String names = drivers.stream().map(PortDriver::name).collect(Collectors.joining(", "));
        throw new SpecException(
                spec.toString(),
                "there is no driver "
                        + spec.driver()
                        + "; there are "
                        + (names.isEmpty() ? "none" : names));
    }

    private static void checkKeys(PortSpec spec, PortDriver driver) {
        for (String key : spec.options().keySet()) {
            if (driver.options().stream().noneMatch(o -> o.key().equals(key))) {
                String keys =
                        driver.options().stream()
                                .map(PortOption::key)
                                .collect(Collectors.joining(", "));
                throw new SpecException(
                        spec.toString(),
                        driver.name()
                                + " has no option "
                                + key
                                + "; it has "
                                + (keys.isEmpty() ? "none" : keys));
            }
        }
    }

    private static void register(AbstractPort port) {
        synchronized (OPEN) {
            if (named(port.name()) != null) {
                throw new PortException(
                        "open",
                        port.name(),
                        "it is open in this process already",
                        "use that port or close it");
            }
            int id = 0;
            while (withId(id) != null) {
                id++;
            }
            port.setId(id);
            OPEN.add(port);
        }
    }

    static void unregister(AbstractPort port) {
        synchronized (OPEN) {
            OPEN.remove(port);
        }
    }

    /** The open ports. */
    public static List<Port> all() {
        synchronized (OPEN) {
            return List.copyOf(OPEN);
        }
    }

    /** The open port with this {@link Port#name()}. */
    public static Optional<Port> get(String name) {
        synchronized (OPEN) {
            return Optional.ofNullable(named(name));
        }
    }

    private static @Nullable Port named(String name) {
        for (AbstractPort port : OPEN) {
            if (port.name().equals(name)) {
                return port;
            }
        }
        return null;
    }

    private static @Nullable Port withId(int id) {
        for (AbstractPort port : OPEN) {
            if (port.id() == id) {
                return port;
            }
        }
        return null;
    }
}
