package io.espat.at;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Tells listeners what happened, on a thread of its own, so that none can hold up the module. */
final class Events {
  private static final Logger LOG = LogManager.getLogger();

  /** So many wait at most; the last quarter is for those that come seldom and matter. */
  private static final int MAX_WAITING = 1024;

  private static final int MAX_FREQUENT = MAX_WAITING * 3 / 4;

  private final CopyOnWriteArrayList<ModuleListener> listeners = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Consumer<ModuleListener>> waiting =
      new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private volatile boolean ended;

  Events(ModuleConfig config, String name) {
    ModuleListener first = config.listener();
    if (first != null) {
      listeners.add(first);
    }
    thread = config.threadFactory().newThread(this::run);
    thread.setName("espat listeners " + name);
  }

  void start() {
    thread.start();
  }

  void add(ModuleListener listener) {
    listeners.add(listener);
  }

  void remove(ModuleListener listener) {
    listeners.remove(listener);
  }

  void stage(String name, Duration took) {
    tell(listener -> listener.stage(name, took));
  }

  void exchanged(String redactedCommand, String outcome, Duration took) {
    if (waiting.size() < MAX_FREQUENT) {
      tell(listener -> listener.exchanged(redactedCommand, outcome, took));
    }
  }

  void line(LineInfo line) {
    tell(listener -> listener.line(line));
  }

  void receiving(int link, boolean pushed) {
    tell(listener -> listener.receiving(link, pushed));
  }

  void wifi(boolean joined) {
    tell(listener -> listener.wifi(joined));
  }

  void opened(int link, InetSocketAddress peer) {
    tell(listener -> listener.opened(link, peer));
  }

  void closed(int link, @Nullable Exception cause) {
    tell(listener -> listener.closed(link, cause));
  }

  void lost(ModuleLostException cause) {
    tell(listener -> listener.lost(cause));
  }

  void recovered(int attempts, Duration took) {
    tell(listener -> listener.recovered(attempts, took));
  }

  void abandoned(ModuleLostException cause) {
    tell(listener -> listener.abandoned(cause));
  }

  private void tell(Consumer<ModuleListener> event) {
    if (!listeners.isEmpty() && !waiting.offer(event)) {
      LOG.debug("a listener is too slow: an event was dropped");
    }
  }

  /** Lets the thread end once it has told what waits. */
  void end() {
    ended = true;
    waiting.offer(listener -> {}); // wakes the thread; when the queue is full it is awake
  }

  Thread thread() {
    return thread;
  }

  private void run() {
    try {
      while (!ended || !waiting.isEmpty()) {
        Consumer<ModuleListener> event = waiting.poll(1, TimeUnit.SECONDS);
        if (event != null) {
          listeners.forEach(listener -> tell(listener, event));
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("the listener thread ends");
    }
  }

  private static void tell(ModuleListener listener, Consumer<ModuleListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) { // foreign code: its failure is not ours
      LOG.warn("a module listener failed", e);
    }
  }
}
