package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Browser;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A browser with the page of a run between two servers. */
abstract class UiPageFixture {
    static final int KEYS = 2_000;
    static final String SLOW = "--max-keys-per-second=200";
    private static final Pattern ADDRESS =
            Pattern.compile("Watch this run at (http://127\\.0\\.0\\.1:\\d+/ui#token=\\S+)");
    static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final ServerPair PAIR = new ServerPair();

    static Browser browser;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @BeforeAll
    static void startBrowser() throws Exception {
        assumeThat(Browser.isInstalled()).as("chromium is installed").isTrue();
        browser = new Browser();
    }

    @AfterAll
    static void closeBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        browser.resize(1280, 900);
        browser.prefer("light");
    }

    RumpProcess migrate(String... flags) {
        List<String> all = new ArrayList<>(List.of("--ui=0", "--latency-guard=on"));
        all.addAll(List.of(flags));
        return open(RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), all.toArray(String[]::new)));
    }

    /** Opens its page, when the run is there. */
    RumpProcess open(RumpProcess run) {
        run.awaitOutput("Watch this run at");
        await().until(() -> ADDRESS.matcher(run.err()).find());
        Matcher address = ADDRESS.matcher(run.err());
        assertThat(address.find()).isTrue();
        browser.open(address.group(1));
        browser.awaitText("#connection", "Live");
        return run;
    }

    long shown(String outcome) {
        String row = browser.evaluate("[...document.querySelectorAll('#outcomes tbody tr')]"
                        + ".find(row => row.cells[0].textContent === '" + outcome + "').cells[1].textContent")
                .asText();
        return Long.parseLong(row.replace(",", ""));
    }

    void answer(String button) {
        browser.click("#" + button);
        assertThat(browser.evaluate("document.querySelector('#question').open").asBoolean())
                .isTrue();
        browser.click("#yes");
    }

    static String listed() {
        return browser.evaluate("document.querySelector('#route-list').textContent")
                .asText();
    }

    static String focused() {
        return browser.evaluate("document.activeElement.id").asText();
    }

    static boolean disabled(String button) {
        return browser.evaluate("document.querySelector('#" + button + "').disabled")
                .asBoolean();
    }

    static void picture(String name) throws IOException {
        browser.screenshot(Files.createDirectories(Path.of("target/ui")).resolve(name + ".png"));
    }
}
