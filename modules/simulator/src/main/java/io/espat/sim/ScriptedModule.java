package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A module that follows a script, byte for byte, and checks what it hears.
 *
 * <p>Write the script first; it is played from the first call of {@link #input()} or {@link
 * #output()} on, by a thread of its own. After its last line the wire stays open and silent, unless
 * the script cut it; after a mismatch the wire ends, so that nobody waits for long. Text stands for
 * bytes 0 to 255.
 */
public final class ScriptedModule implements AutoCloseable {
  private static final Duration STEP_LIMIT = Duration.ofSeconds(10);
  private static final Duration PLAY_LIMIT = Duration.ofSeconds(30);
  private static final int SHOWN = 120;

  /** One line of the script. */
  private interface Step {
    void play() throws Mismatch, InterruptedException;
  }

  /** Heard and expected bytes differ. */
  private static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    Mismatch(String message) {
      super(message);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Step> steps = new ArrayList<>(); // the test's thread, before the play
  private final CountDownLatch played = new CountDownLatch(1);
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream(); // guarded by lock
  private final ByteArrayOutputStream said = new ByteArrayOutputStream(); // guarded by lock
  private int matched; // bytes of heard; guarded by lock
  private int taken; // bytes of said; guarded by lock
  private boolean started; // guarded by lock
  private boolean ended; // guarded by lock
  private @Nullable String mismatch; // guarded by lock

  /** Starts an empty script. */
  public ScriptedModule() {}

  /** Waits for exactly these bytes. */
  public ScriptedModule expect(String bytes) {
    return expect(bytes.getBytes(ISO_8859_1));
  }

  /** Waits for exactly these bytes. */
  public ScriptedModule expect(byte[] bytes) {
    byte[] wanted = bytes.clone();
    int number = steps.size() + 1;
    steps.add(() -> hear(wanted, number));
    return this;
  }

  /** Checks that nothing is heard for that long. */
  public ScriptedModule expectSilence(Duration silence) {
    int number = steps.size() + 1;
    steps.add(() -> hearNothing(silence, number));
    return this;
  }

  /** Says these bytes at once. */
  public ScriptedModule reply(String bytes) {
    return reply(bytes.getBytes(ISO_8859_1));
  }

  /** Says these bytes at once. */
  public ScriptedModule reply(byte[] bytes) {
    byte[] copy = bytes.clone();
    steps.add(() -> say(copy));
    return this;
  }

  /** Says the first {@code count} bytes, then the wire ends. */
  public ScriptedModule cutAfter(int count, byte[] bytes) {
    byte[] kept = Arrays.copyOf(bytes, count);
    steps.add(() -> say(kept));
    return cut();
  }

  /** Ends the wire. */
  public ScriptedModule cut() {
    steps.add(this::end);
    return this;
  }

  /** Runs something of the test between two lines, such as counting a latch down. */
  public ScriptedModule then(Runnable work) {
    steps.add(work::run);
    return this;
  }

  /**
   * Returns what the module says: -1 after a cut, a mismatch or {@link #close}; a read blocks
   * without limit before.
   */
  public InputStream input() {
    start();
    return new Said();
  }

  /** Returns where the host writes; a write never blocks, and fails after the wire has ended. */
  public OutputStream output() {
    start();
    return new Heard();
  }

  /**
   * Waits at most 30 s for the end of the script.
   *
   * @throws AssertionError if something else was heard than the script expects, or more than that;
   *     both are shown one above the other
   */
  public void awaitSuccess() {
    start();
    boolean done;
    try {
      done = played.await(PLAY_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the script was played", e);
    }
    lock.lock();
    try {
      if (mismatch != null) {
        throw new AssertionError(mismatch);
      }
      if (!done) {
        throw new AssertionError("the script did not come to its end");
      }
      if (matched < heard.size()) {
        throw new AssertionError(
            "after the end of the script\n  heard    "
                + shown(unmatched())
                + "\n  expected nothing");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wire and the play. */
  @Override
  public void close() {
    end();
  }

  private void start() {
    lock.lock();
    try {
      if (started) {
        return;
      }
      started = true;
    } finally {
      lock.unlock();
    }
    Thread thread = new Thread(this::play, "scripted module");
    thread.setDaemon(true);
    thread.start();
  }

  private void play() {
    try {
      for (Step step : steps) {
        step.play();
      }
    } catch (Mismatch e) {
      lock.lock();
      try {
        mismatch = e.getMessage();
      } finally {
        lock.unlock();
      }
      end();
    } catch (InterruptedException e) {
      end();
    } finally {
      played.countDown();
    }
  }

  private void hear(byte[] wanted, int step) throws Mismatch, InterruptedException {
    long deadline = System.nanoTime() + STEP_LIMIT.toNanos();
    lock.lock();
    try {
      while (true) {
        byte[] got = unmatched();
        int same = Arrays.mismatch(wanted, got);
        if (same == -1 || same == wanted.length) {
          matched += wanted.length;
          return;
        }
        long left = deadline - System.nanoTime();
        boolean different = same < got.length;
        if (different || ended || left <= 0) {
          String why = different ? "" : ended ? " (the wire was closed)" : " (time-out)";
          throw new Mismatch(
              "step "
                  + step
                  + why
                  + "\n  expected "
                  + shown(wanted)
                  + "\n  heard    "
                  + shown(got));
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void hearNothing(Duration silence, int step) throws Mismatch, InterruptedException {
    long deadline = System.nanoTime() + silence.toNanos();
    lock.lock();
    try {
      for (long left = silence.toNanos(); left > 0; left = deadline - System.nanoTime()) {
        if (matched < heard.size()) {
          throw new Mismatch(
              "step " + step + "\n  expected silence\n  heard    " + shown(unmatched()));
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private byte[] unmatched() {
    byte[] all = heard.toByteArray();
    return Arrays.copyOfRange(all, matched, all.length);
  }

  private void say(byte[] bytes) {
    lock.lock();
    try {
      said.writeBytes(bytes);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(bytes.length, SHOWN); i++) {
      int b = bytes[i] & 0xff;
      switch (b) {
        case '\r' -> text.append("\\r");
        case '\n' -> text.append("\\n");
        case '"' -> text.append("\\\"");
        default -> text.append(b < ' ' || b > '~' ? String.format("\\x%02x", b) : (char) b);
      }
    }
    return text.append('"')
        .append(bytes.length > SHOWN ? " ... " : " ")
        .append(bytes.length)
        .append(" bytes")
        .toString();
  }

  /** The host's end of what the module says. */
  private final class Said extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      lock.lock();
      try {
        while (taken == said.size()) {
          if (ended) {
            return -1;
          }
          changed.await();
        }
        int run = Math.min(count, said.size() - taken);
        System.arraycopy(said.toByteArray(), taken, buffer, offset, run);
        taken += run;
        return run;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while reading the scripted module");
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int available() {
      lock.lock();
      try {
        return said.size() - taken;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      end();
    }
  }

  /** The host's end of what the module hears. */
  private final class Heard extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      lock.lock();
      try {
        if (ended) {
          throw new IOException("the scripted module's wire has ended");
        }
        heard.write(bytes, offset, count);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      end();
    }
  }
}
