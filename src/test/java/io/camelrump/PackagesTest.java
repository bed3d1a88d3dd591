package io.camelrump;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The order of the packages, and what of them a host may see. */
class PackagesTest {
    private static final String ROOT = "io.camelrump";

    /** Beside the lowest floor. */
    private static final Set<String> OPEN_TO_THE_COMMAND = Set.of("check", "needs", "shard");

    /** What depends on nothing but public values. */
    private static final Set<String> LOWEST = Set.of("redis", "text", "files");

    /** From the wire up: a package uses those of floors below its own, and none beside it. */
    private static final List<Set<String>> FLOORS = List.of(
            LOWEST,
            Set.of("shard"),
            Set.of("options", "needs"),
            Set.of("keys", "properties", "check"),
            Set.of("checkpoint"),
            Set.of("run"),
            Set.of("values", "throttle", "series", "exchanges", "lanes"),
            Set.of("source", "target", "host", "wire"),
            Set.of("backup", "received"),
            Set.of("compare", "cluster", "live", "sending"),
            Set.of("cutover"),
            Set.of("reading", "metrics"));

    /**
     * Public for the command alone: both are before there is a run, and need a server's address, which a host has not.
     */
    private static final Set<String> FOR_THE_COMMAND = Set.of("ServerWait", "CheckpointKey");

    /** Parts of the command, each with those that it may use; none uses the commands themselves. */
    private static final Map<String, Set<String>> PARTS_OF_CLI = Map.of(
            "cli.process", Set.of(),
            "cli.output", Set.of(),
            "cli.flags", Set.of("cli.process", "cli.output"),
            "cli.demo", Set.of("cli.process"));

    private static JavaClasses all;

    @BeforeAll
    static void read() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    void noTwoPackagesKnowEachOther() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(all);
    }

    @Test
    void noPackageUsesOneAboveOrBesideIt() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String name : FLOORS.get(floor)) {
                String[] above = FLOORS.subList(floor, FLOORS.size()).stream()
                        .flatMap(Set::stream)
                        .filter(other -> !other.equals(name))
                        .map(PackagesTest::inside)
                        .toArray(String[]::new);
                if (above.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage(inside(name))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(above)
                            .check(all);
                }
            }
        }
    }

    @Test
    void everyPackageHasAFloor() {
        Set<String> known = Stream.concat(
                        FLOORS.stream().flatMap(Set::stream),
                        Stream.of("catalog", "cli", "dataformat", "ui", "report", "console"))
                .map(name -> ROOT + "." + name)
                .collect(Collectors.toSet());
        PARTS_OF_CLI.keySet().forEach(part -> known.add(ROOT + "." + part));
        known.add(ROOT);
        classes().should().resideInAnyPackage(known.toArray(String[]::new)).check(all);
    }

    /** Records, enums, exceptions and the like, which travel through all packages. */
    @Test
    void internalPackagesUseOnlyValuesOfThePublicOne() {
        noClasses()
                .that(describe("are internal", PackagesTest::isInternal))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT).and(DescribedPredicate.not(values())))
                .check(all);
    }

    @Test
    void noMethodThatAHostCanCallNamesAnInternalType() {
        codeUnits()
                .that()
                .areDeclaredInClassesThat(describe(
                        "are public types of " + ROOT,
                        type -> type.getPackageName().equals(ROOT)
                                && type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.getSimpleName().endsWith("Configurer")
                                && !FOR_THE_COMMAND.contains(type.getSimpleName())))
                .and()
                .arePublic()
                .should()
                .notHaveRawReturnType(describe("internal", PackagesTest::isInternal))
                .andShould()
                .notHaveRawParameterTypes(describe("with an internal one among them", types -> types.stream()
                        .anyMatch(PackagesTest::isInternal)))
                .check(all);
    }

    @Test
    void theCommandUsesThePublicTypesAndTheLowestFloorAlone() {
        String[] rest = FLOORS.stream()
                .flatMap(Set::stream)
                .filter(name -> !LOWEST.contains(name) && !OPEN_TO_THE_COMMAND.contains(name))
                .map(PackagesTest::inside)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(inside("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rest)
                .check(all);
        noClasses()
                .that(resideOutsideOfPackages(inside("cli"), inside("report"), inside("console"), inside("catalog")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(inside("cli"), inside("report"), inside("console"), inside("catalog"))
                .check(all);
    }

    @Test
    void partsOfTheCommandUseNoneOfItButThosePermitted() {
        PARTS_OF_CLI.forEach((part, permitted) -> {
            String[] own = Stream.concat(Stream.of(part), permitted.stream())
                    .map(name -> ROOT + "." + name)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + part)
                    .should()
                    .dependOnClassesThat(resideInAPackage(inside("cli")).and(resideOutsideOfPackages(own)))
                    .check(all);
        });
    }

    @Test
    void thePageOfARunUsesThePublicTypesAloneAndNothingUsesIt() {
        noClasses()
                .that()
                .resideInAPackage(inside("ui"))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + ".*..").and(DescribedPredicate.not(resideInAPackage(inside("ui")))))
                .check(all);
        noClasses()
                .that(resideOutsideOfPackages(inside("ui")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(inside("ui"))
                .check(all);
    }

    /** They know documents and lines alone. */
    @Test
    void reportConsoleAndCatalogUseNothingElseOfOurs() {
        for (String alone : List.of("report", "console", "catalog")) {
            noClasses()
                    .that()
                    .resideInAPackage(inside(alone))
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage(ROOT + "..").and(DescribedPredicate.not(resideInAPackage(inside(alone)))))
                    .check(all);
        }
    }

    private static String inside(String name) {
        return ROOT + "." + name + "..";
    }

    private static boolean isInternal(JavaClass type) {
        return FLOORS.stream().flatMap(Set::stream).anyMatch(name -> type.getPackageName()
                .equals(ROOT + "." + name));
    }

    /** Types of the public package that depend on no internal type, and on nothing of Camel's. */
    private static DescribedPredicate<JavaClass> values() {
        return describe(
                "values",
                type -> type.getPackageName().equals(ROOT)
                        && type.getDirectDependenciesFromSelf().stream()
                                .map(dependency -> dependency.getTargetClass().getPackageName())
                                .noneMatch(name -> name.startsWith("org.apache.camel") || name.startsWith(ROOT + ".")));
    }
}
