package io.camelrump.cli.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Text of {@code rump --version}. */
public final class Version implements IVersionProvider {
    private static final Properties BUILD = build();

    public static String own() {
        return BUILD.getProperty("version");
    }

    static String camel() {
        return BUILD.getProperty("camel");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "rump " + own(),
            "Apache Camel " + BUILD.getProperty("camel") + ", Jedis " + BUILD.getProperty("jedis"),
            "Java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + "), "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }

    private static Properties build() {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("build.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
