package io.camelrump.reading;

import io.camelrump.keys.KeyMapping;
import io.camelrump.keys.ScanPlan;
import io.camelrump.options.OptionSet;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.SourceOptions;

/** Plans which keys an endpoint reads, as its options say. */
final class ScanPlans {
    private ScanPlans() {}

    static ScanPlan of(ReadEndpoint endpoint) {
        OptionSet options = endpoint.options();
        KeyMapping mapping = endpoint.mapping();
        SourceOptions source = options.source();
        SelectionOptions selection = options.selection();
        boolean matchesNames =
                !selection.getMatch().equals("*") && !options.mapping().readsRenamed();
        boolean scansType =
                mapping.selection().types().isEmpty() && !selection.types().isEmpty();
        return new ScanPlan(
                source,
                options.bigKeys(),
                mapping.databases(),
                mapping.selection(),
                source.leastScanCount(),
                source.mostScanCount(),
                matchesNames ? selection.getMatch() : null,
                scansType ? selection.types().iterator().next() : null,
                options.queue().pageBytes(),
                source.windowByteCount());
    }
}
