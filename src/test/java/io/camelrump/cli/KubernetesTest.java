package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.camelrump.cli.flags.ShardFlags;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/**
 * Manifests of Kubernetes: each has the fields of the API, with values of their types, and the command takes its flags.
 */
class KubernetesTest {
    private static final Path FOLDER = Path.of("src/main/k8s");
    private static final Path EXAMPLES = Path.of("src/main/docs/platforms/kubernetes");

    /** A field that the API does not have is an error, and is not put aside. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .build();

    private static final Map<String, Class<?>> KINDS =
            Map.of("Job", Job.class, "CronJob", CronJob.class, "Deployment", Deployment.class);

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> ours = Files.walk(FOLDER);
                Stream<Path> examples = Files.list(EXAMPLES)) {
            return Stream.concat(ours, examples)
                    .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<JobSpec> jobs() throws IOException {
        return Stream.of(
                job("job/job.yaml"),
                job("sharded/job.yaml"),
                read(FOLDER.resolve("nightly/cronjob.yaml"), CronJob.class)
                        .getSpec()
                        .getJobTemplate()
                        .getSpec());
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void eachManifestHasFieldsOfTheApi(Path file) throws IOException {
        Class<?> kind = KINDS.get(String.valueOf(document(file).get("kind")));

        assertThat(kind).isNotNull();
        assertThat(read(file, kind)).isNotNull();
    }

    @Test
    void aFieldThatTheApiDoesNotHaveIsFound() {
        assertThatThrownBy(() -> STRICT.readValue("{'spec': {'backofLimit': 1}}".replace('\'', '"'), Job.class))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageContaining("backofLimit");
        assertThatThrownBy(() -> STRICT.readValue("{'spec': {'completions': 'three'}}".replace('\'', '"'), Job.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void aPodHasNoRightsAndWritesNowhereButToItsVolumes(JobSpec job) {
        PodSpec pod = job.getTemplate().getSpec();
        Container container = pod.getContainers().get(0);

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(pod.getVolumes().stream().map(Volume::getName))
                .containsExactlyElementsOf(container.getVolumeMounts().stream()
                        .map(VolumeMount::getName)
                        .toList());
        // 0440: octal numbers are read otherwise by each version of YAML
        assertThat(pod.getVolumes().get(0).getSecret().getDefaultMode()).isEqualTo(Integer.parseInt("440", 8));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void aPodHasLimitsAndTimeToStop(JobSpec job) {
        PodSpec pod = job.getTemplate().getSpec();
        Container container = pod.getContainers().get(0);

        Quantity limit = container.getResources().getLimits().get("memory");
        assertThat(Quantity.getAmountInBytes(limit).longValueExact()).isGreaterThanOrEqualTo(256L << 20);
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        // beyond --drain-for
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(25);
        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        assertThat(job.getPodFailurePolicy().getRules().get(0).getOnExitCodes().getValues())
                .containsExactly(ExitCode.USAGE.number(), ExitCode.REFUSED.number());
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/observe/health/ready");
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void theCommandTakesTheFlagsOfAPod(JobSpec job) {
        List<String> arguments =
                job.getTemplate().getSpec().getContainers().get(0).getArgs();
        Map<String, String> environment = Map.of("RUMP_FROM", "redis://old", "RUMP_TO", "redis://new");

        CommandLine.ParseResult parsed = Rump.commandLine(
                        arguments.toArray(String[]::new), environment, StopSignals.none())
                .parseArgs(arguments.toArray(String[]::new));

        assertThat(parsed.unmatched()).isEmpty();
        assertThat(parsed.matchedOptions()).hasSameSizeAs(arguments);
    }

    @Test
    void asManyPodsShareAMigrationOutAsThereAreShards() throws IOException {
        JobSpec job = job("sharded/job.yaml");
        List<EnvVar> environment =
                job.getTemplate().getSpec().getContainers().get(0).getEnv();

        assertThat(job.getCompletionMode()).isEqualTo("Indexed");
        assertThat(environment).anySatisfy(variable -> assertThat(variable.getName() + "=" + variable.getValue())
                .isEqualTo(ShardFlags.COUNT + "=" + job.getCompletions()));
        assertThat(job.getParallelism()).isGreaterThan(1);
        assertThat(job.getTemplate().getSpec().getContainers().get(0).getLivenessProbe())
                .isNull();
    }

    @Test
    void eachFolderNamesFilesThatAreThere() throws IOException {
        for (String folder : List.of("job", "sharded", "nightly")) {
            Map<?, ?> kustomization = document(FOLDER.resolve(folder).resolve("kustomization.yaml"));

            assertThat((List<?>) kustomization.get("resources")).hasSize(2).allSatisfy(name -> assertThat(
                            FOLDER.resolve(folder).resolve((String) name))
                    .exists());
        }
        assertThat(document(FOLDER.resolve("base/kustomization.yaml")).get("configMapGenerator"))
                .isNotNull();
    }

    private static JobSpec job(String name) throws IOException {
        return read(FOLDER.resolve(name), Job.class).getSpec();
    }

    private static <T> T read(Path file, Class<T> kind) throws IOException {
        return STRICT.readValue(STRICT.writeValueAsString(document(file)), kind);
    }

    private static Map<?, ?> document(Path file) throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }
}
