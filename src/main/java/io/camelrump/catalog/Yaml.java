package io.camelrump.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML files of ours, whose mappings have texts as their keys. */
final class Yaml {
    private Yaml() {}

    static Map<String, Object> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return mapping(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        }
    }

    static Map<String, Object> mapping(Map<String, Object> parent, String key) {
        return mapping(parent.get(key));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> mapping(Object value) {
        return (Map<String, Object>) value;
    }
}
