package io.espat.at;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to a module, in order, on a thread of its own.
 *
 * <p>Be quick and do not call the module: while a listener runs, later events wait, and past 1024
 * of them the newest are dropped. What a listener throws is logged and forgotten. Nothing it hears
 * holds a secret or payload.
 */
public interface ModuleListener {

  /** A bring-up stage such as {@code sync} or {@code receive mode} ended. */
  default void stage(String name, Duration took) {}

  /** A command ended; {@code outcome} is OK, ERROR, or what else came, such as SEND OK. */
  default void exchanged(String redactedCommand, String outcome, Duration took) {}

  /** The module joined or left its Wi-Fi network. */
  default void wifi(boolean joined) {}

  /** A link is connected; one that the module's server accepted has {@code 0.0.0.0} as its peer. */
  default void opened(int link, InetSocketAddress peer) {}

  /** A link has ended; {@code cause} is null when either side closed it in good order. */
  default void closed(int link, @Nullable Exception cause) {}

  /** The module is lost, and every link with it. */
  default void lost(ModuleLostException cause) {}
}
