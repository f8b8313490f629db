package io.espat.sim;

import org.jspecify.annotations.Nullable;

/** The serial line as two pipes of this process. */
record PipeLine(FromHost fromHost, ToHost toHost) implements Pipes {

  static PipeLine wakes(EventLoop loop) {
    return new PipeLine(new FromHost(loop::wake), new ToHost(loop::wake));
  }

  @Override
  public byte @Nullable [] poll() {
    return fromHost.poll();
  }

  @Override
  public int offer(byte[] bytes, int offset, int count) {
    return toHost.offer(bytes, offset, count);
  }

  @Override
  public boolean attached() {
    return true;
  }

  @Override
  public void want(boolean input, boolean output) {
    // both pipes wake the loop by themselves
  }

  @Override
  public void close() {
    fromHost.end();
    toHost.end();
  }
}
