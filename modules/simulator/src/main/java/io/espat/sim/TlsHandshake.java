package io.espat.sim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of a connection that is to be a link; loop thread only.
 *
 * <p>Each wait for the peer has the limit anew.
 */
final class TlsHandshake {
  /** Hears once that the channel is ready, or why not; it is then closed. */
  interface Verdict {
    void spoken(TlsChannel channel, @Nullable TlsTrouble why);
  }

  private final TlsChannel channel;
  private final EventLoop loop;
  private final Duration limit;
  private final Verdict verdict;
  private Runnable timer = () -> {};
  private boolean ended;

  TlsHandshake(TlsChannel channel, EventLoop loop, Duration limit, Verdict verdict) {
    this.channel = channel;
    this.loop = loop;
    this.limit = limit;
    this.verdict = verdict;
  }

  boolean ended() {
    return ended;
  }

  /** Does what the socket allows; also to be called first, to begin. */
  void proceed() {
    if (ended) {
      return;
    }
    timer.run();
    timer = loop.after(limit, this::expired);
    try {
      if (channel.shakeHands()) {
        end(null);
      }
    } catch (TlsTrouble e) {
      end(e);
    }
  }

  /** Goes on if the socket can. */
  void serve() {
    if (ended) {
      return; // the channel carries a link now
    }
    boolean readable = channel.takeReadable();
    if (channel.takeWritable() || readable) {
      proceed();
    }
  }

  void want() {
    channel.want(!ended, false);
  }

  /** Leaves the socket alone; the limit runs on. */
  void rest() {
    channel.rest();
  }

  private void expired() {
    end(new TlsTrouble(TlsTrouble.TIMED_OUT, "no answer in the handshake"));
  }

  private void end(@Nullable TlsTrouble why) {
    if (!ended) {
      cancel();
      if (why != null) {
        channel.close();
      }
      verdict.spoken(channel, why);
    }
  }

  private void cancel() {
    ended = true;
    timer.run();
  }

  /** Gives it up without a verdict. */
  void abandon() {
    cancel();
    channel.close();
  }
}
