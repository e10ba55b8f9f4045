// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The source of an installed Debian package, by apt from where the system gets its packages: with
 * lists of its own, so that the system's configuration stays as it is and root is not needed.
 */
final class AptSource {
    private static final Path SYSTEM = Path.of("/etc/apt");
    private static final int SECONDS = 300;
    private static final Pattern TYPES = Pattern.compile("(?m)^Types:.*$");
    private static final Pattern LINE = Pattern.compile("(?m)^deb(?=[ \t])");
    private static final Pattern SOURCE_LINE = Pattern.compile("(?m)^deb-src[ \t].*\\R?");

    private final Path folder;

    /**
     * Keeps all that it fetches below a folder.
     *
     * @param folder is made when it is not there
     */
    AptSource(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** Version of the source that an installed package was built from. */
    static Optional<String> installed(String binary) throws IOException, InterruptedException {
        Shell.Result result =
                Shell.run(
                        SECONDS,
                        List.of(
                                "dpkg-query",
                                "-W",
                                "-f=${db:Status-Status} ${source:Version}\\n",
                                binary));
        return installedVersion(result.output());
    }

    /** The version in what dpkg-query printed, when it is installed. */
    static Optional<String> installedVersion(String output) {
        return output.lines()
                .filter(line -> line.startsWith("installed "))
                .map(line -> line.substring(line.indexOf(' ') + 1).strip())
                .findFirst();
    }

    /**
     * Fetches and unpacks a source once.
     *
     * @return its folder
     * @throws RunException when it cannot be had, with the reason
     */
    Path unpacked(String source, String installed) throws IOException, InterruptedException {
        Path work = folder.resolve(source + "-" + installed);
        if (!Files.isDirectory(work)) {
            ComparisonCommand.need("apt-get", "apt-cache", "dpkg-source");
            prepare();
            apt(folder, "apt-get", "update");
            String records = apt(folder, "apt-cache", "showsrc", "--only-source", source);
            String version = choose(installed, offered(records)).orElseThrow(() -> none(installed));
            // Under its name only once all is there.
            Path partial = Files.createTempDirectory(folder, "partial");
            apt(partial, "apt-get", "source", source + "=" + version);
            Files.move(partial, work);
        }
        return inner(work);
    }

    private static RunException none(String version) {
        return new RunException("apt offers no source of version " + version);
    }

    private static Path inner(Path work) throws IOException {
        try (Stream<Path> entries = Files.list(work)) {
            return entries.filter(entry -> Files.isDirectory(entry.resolve("debian")))
                    .findFirst()
                    .orElseThrow(() -> new RunException("no source was unpacked in " + work));
        }
    }

    /** The versions in the records that apt-cache showsrc prints. */
    static List<String> offered(String records) {
        return records.lines()
                .filter(line -> line.startsWith("Version: "))
                .map(line -> line.substring("Version: ".length()).strip())
                .toList();
    }

    /** The very version, else one with the same of upstream, whose headers are the same. */
    static Optional<String> choose(String installed, List<String> offered) {
        if (offered.contains(installed)) {
            return Optional.of(installed);
        }
        return offered.stream().filter(v -> upstream(v).equals(upstream(installed))).findFirst();
    }

    private static String upstream(String version) {
        int revision = version.lastIndexOf('-');
        return revision < 0 ? version : version.substring(0, revision);
    }

    /** A file of sources.list.d in its newer form, about sources instead of binaries. */
    static String stanzas(String text) {
        return TYPES.matcher(text).replaceAll("Types: deb-src");
    }

    /** A file in the older form, a line a source. */
    static String lines(String text) {
        return LINE.matcher(SOURCE_LINE.matcher(text).replaceAll("")).replaceAll("deb-src");
    }

    private void prepare() throws IOException {
        Files.createDirectories(folder.resolve("parts"));
        Files.createDirectories(folder.resolve("lists").resolve("partial"));
        Files.createDirectories(folder.resolve("cache").resolve("archives").resolve("partial"));
        List<Path> files = new ArrayList<>(List.of(SYSTEM.resolve("sources.list")));
        try (Stream<Path> parts = Files.list(SYSTEM.resolve("sources.list.d"))) {
            parts.sorted().forEach(files::add);
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!Files.isRegularFile(file)) {
                continue;
            }
            if (name.endsWith(".sources")) {
                Files.writeString(parts().resolve(name), stanzas(Files.readString(file)));
            } else if (name.endsWith(".list")) {
                Files.writeString(parts().resolve(name), lines(Files.readString(file)));
            }
        }
    }

    private Path parts() {
        return folder.resolve("parts");
    }

    private String apt(Path at, String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        // apt-get source unpacks into the folder that it is run in.
        command.addAll(List.of("env", "--chdir=" + at, "LC_ALL=C", program));
        command.addAll(List.of("-q", "-o", "Dir::Etc::SourceList=/dev/null"));
        command.addAll(List.of("-o", "Dir::Etc::SourceParts=" + parts()));
        command.addAll(List.of("-o", "Dir::State::Lists=" + folder.resolve("lists")));
        command.addAll(List.of("-o", "Dir::Cache=" + folder.resolve("cache")));
        // Without root, apt cannot become the user that it fetches as.
        command.addAll(List.of("-o", "APT::Sandbox::User="));
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.run(SECONDS, command);
        if (result.exit() != 0) {
            throw new RunException(
                    program + " " + arguments[0] + ": " + Shell.lastLine(result.output()));
        }
        return result.output();
    }
}
