package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The only thread that announces payload: it serves the links' gathered output in fair turns. */
final class Sender implements Runnable {
  private static final Logger LOG = LogManager.getLogger();
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

  private final Links links;

  Sender(Links links) {
    this.links = links;
  }

  @Override
  public void run() {
    for (Links.Work work = links.awaitWork(); work != null; work = links.awaitWork()) {
      switch (work.job()) {
        case SEND -> work.link().outflow().send();
        case CLOSE -> close(work.link());
        case HOLD_BACK -> holdBack(work.link());
      }
    }
  }

  /** Has the module keep what comes for a link whose reader is behind. */
  private static void holdBack(Link link) {
    try {
      link.talk().holdBack();
    } catch (IOException e) {
      LOG.debug("{}: not switched to passive receive: {}", link.name(), e.getMessage());
    }
  }

  /** Closes a link whose caller could not wait; the turn is long in coming at most for a while. */
  private void close(Link link) {
    try {
      link.talk().close(Deadline.in(CLOSE_PATIENCE));
    } catch (ModuleLostException e) {
      links.release(link);
    } catch (IOException e) {
      LOG.debug("{}: closing it is tried again: {}", link.name(), e.getMessage());
      links.abandon(link);
    }
  }
}
