package io.camelrump.cli;

/** Shows nothing. */
final class NoProgress implements Progress {
    @Override
    public void show() {}

    @Override
    public void close() {}
}
