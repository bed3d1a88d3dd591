package io.camelrump;

import com.github.dockerjava.api.DockerClient;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A server in a container that shares this machine's network, so that its port stays the same over restarts. */
final class ContainerServer extends RedisServer {

    private GenericContainer<?> container;

    ContainerServer(RedisServers.Version version, String... arguments) {
        super(version, arguments);
        container = launch();
        try {
            awaitAnswer();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @SuppressWarnings("resource") // ended by close()
    private GenericContainer<?> launch() {
        List<String> line = new ArrayList<>(List.of(version().isValkey() ? "valkey-server" : "redis-server"));
        line.addAll(commandLine());
        GenericContainer<?> launched = new GenericContainer<>(
                        DockerImageName.parse(version().program()))
                .withNetworkMode("host")
                .withCommand(line.toArray(String[]::new));
        launched.start();
        return launched;
    }

    @Override
    public void kill9() {
        if (isRunning()) {
            client().killContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    public void pause() {
        client().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resume() {
        client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }

    @Override
    boolean isRunning() {
        return container.isRunning();
    }

    @Override
    void startAgain(boolean keepData) {
        if (keepData) {
            client().startContainerCmd(container.getContainerId()).exec();
        } else {
            container.stop();
            container = launch();
        }
    }

    @Override
    String log() {
        return container.getLogs();
    }

    private DockerClient client() {
        return container.getDockerClient();
    }
}
