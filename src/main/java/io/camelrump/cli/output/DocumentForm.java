package io.camelrump.cli.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.camelrump.report.ReportPage;
import java.io.IOException;
import java.util.Map;

/** A form in which a run says how it ended. */
public enum DocumentForm {
    /** For scripts. */
    JSON("--json") {
        @Override
        String text(Map<String, Object> content) throws IOException {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(content)
                    + System.lineSeparator();
        }
    },
    /** For people. */
    REPORT("--report") {
        @Override
        String text(Map<String, Object> content) {
            return ReportPage.html(new ObjectMapper().valueToTree(content));
        }
    };

    private final String flag;

    DocumentForm(String flag) {
        this.flag = flag;
    }

    /** The flag that names the file. */
    public String flag() {
        return flag;
    }

    /** The whole document. */
    abstract String text(Map<String, Object> content) throws IOException;
}
