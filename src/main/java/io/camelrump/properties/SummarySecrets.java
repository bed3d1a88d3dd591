package io.camelrump.properties;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.util.SensitiveUtils;

/** Secrets among the properties that Camel Main logs at its start. It hides those whose names it knows as secret. */
public final class SummarySecrets {
    private final CamelContext context;

    public SummarySecrets(CamelContext context) {
        this.context = context;
    }

    /** Adds names to those that Camel knows, where it takes any: Camel 4.14 does not. */
    public void hide(List<String> options) {
        ExtendedCamelContext camel = context.getCamelContextExtension();
        try {
            for (String option : options) {
                String known = camel.getAdditionalSensitiveKeywords();
                camel.setAdditionalSensitiveKeywords(known == null ? option : known + "," + option);
            }
        } catch (NoSuchMethodError olderCamel) {
            // isShown() answers for it
        }
    }

    /** Whether the value of a secret option would be logged. */
    boolean isShown(String option) {
        if (SensitiveUtils.containsSensitive(option)) {
            return false;
        }
        try {
            String known = context.getCamelContextExtension().getAdditionalSensitiveKeywords();
            return known == null || !List.of(known.split(",")).contains(option);
        } catch (NoSuchMethodError olderCamel) {
            return true;
        }
    }
}
