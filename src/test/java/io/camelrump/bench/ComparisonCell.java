package io.camelrump.bench;

import io.camelrump.fixtures.RedisServers;
import java.util.function.Function;

/** One thing that two builds are compared by. */
enum ComparisonCell {
    VERSION("rump --version", DataSet.NOTHING, build -> Call.of(build, "--version")),
    ONE("copy of 1 key", DataSet.oneKey(), Rump::copy),
    SMALL("copy of 10 k strings of 100 B", DataSet.strings(10_000, 100), Rump::copy),
    STRINGS("copy of 300 k strings of 100 B", DataSet.strings(300_000, 100), Rump::copy),
    MIXED("copy of 100 k keys of five types", DataSet.mixed(100_000), Rump::copy),
    VALUES("copy of 2 k strings of 50 kB", DataSet.strings(2_000, 50_000), Rump::copy),
    DISTANCE("copy of 200 k strings over 1 ms", DataSet.strings(200_000, 100), build -> Rump.copy(build)
            .over(1)),
    CLIENTS(
            "copy of 200 k strings beside two clients",
            DataSet.strings(200_000, 100),
            build -> new Beside(Hammer::new, Rump.copy(build))),
    COMPARE("comparison of 300 k strings", DataSet.strings(300_000, 100), Rump::compare),
    LIVE("live run at 2,000 writes/s", DataSet.written(), build -> new Following(build, 2_000, 2));

    private final String title;
    private final DataSet data;
    private final Function<Build, Way> way;

    ComparisonCell(String title, DataSet data, Function<Build, Way> way) {
        this.title = title;
        this.data = data;
        this.way = way;
    }

    String title() {
        return title;
    }

    TestBed bed() {
        return new TestBed(RedisServers.usual(), data);
    }

    Way way(Build build) {
        return way.apply(build);
    }
}
