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

  /**
   * The lost module is back, with no link open; by {@link ModuleConfig.Builder#recovery}.
   *
   * @param attempts how many attempts that took, with those for earlier losses of the same minute
   * @param took how long it was lost
   */
  default void recovered(int attempts, Duration took) {}

  /** The lost module did not come back, and nothing more is tried; {@code cause} is the loss. */
  default void abandoned(ModuleLostException cause) {}
}
