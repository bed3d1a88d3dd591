package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.run.PageData;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.camel.TypeConversionException;
import org.apache.camel.TypeConverter;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages become bytes, and bytes pages, where a step asks Camel for the one and has the other. */
class PageConverterTest {
    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void pagesComeBackFromBytesAndFromStreams() throws Exception {
        Page page = new Page(Pages.of("a", "b", "c"));
        TypeConverter converter = context.getTypeConverter();

        byte[] bytes = converter.mandatoryConvertTo(byte[].class, page);
        InputStream stream = converter.mandatoryConvertTo(InputStream.class, page);

        assertThat(Pages.keys(converter.mandatoryConvertTo(Batch.class, bytes))).containsExactly("a", "b", "c");
        assertThat(Pages.keys(converter.mandatoryConvertTo(Batch.class, stream)))
                .containsExactly("a", "b", "c");
        assertThat(Pages.keys(converter.mandatoryConvertTo(Batch.class, new ByteArrayInputStream(bytes))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void damagedBytesAreNoPages() throws Exception {
        byte[] bytes = PageConverter.toBytes(new Page(Pages.of("a")));

        assertThatThrownBy(() -> context.getTypeConverter()
                        .mandatoryConvertTo(Batch.class, Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(TypeConversionException.class)
                .hasRootCauseInstanceOf(WireFormatException.class);
    }

    @Test
    void endOfARunIsLeftToTheDataFormat() {
        assertThatThrownBy(() -> PageConverter.toBytes(new Page(PageData.end(0, null))))
                .hasMessageContaining("marshal it with the data format rump");
    }
}
