package io.espat.at;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to a module, in order, on a thread of its own.
 *
 * <p>Nothing is held while a listener runs, neither a lock nor the turn; but be quick and do not
 * call the module: later events wait, {@link #exchanged} is left out while 768 of them do, and past
 * 1024 the newest are dropped. What a listener throws is logged and forgotten. Nothing it hears
 * holds a secret or payload.
 *
 * <p>The order is: the stages and {@link #line} of the bring-up; {@link #opened} and then {@link
 * #closed} of each link; at a loss {@link #closed} of each link that was open, {@link #lost}, and,
 * where the module is brought up again, its stages, and {@link #recovered} or {@link #abandoned}.
 */
public interface ModuleListener {
  /** Stands for all links at once, in {@link #receiving}. */
  int ALL_LINKS = -1;

  /** A bring-up stage such as {@code sync} or {@code receive mode} ended. */
  default void stage(String name, Duration took) {}

  /** Speed and flow control of the line are as they will stay, and this is how they came about. */
  default void line(LineInfo line) {}

  /** A command ended; {@code outcome} is OK, ERROR, or what else came, such as SEND OK. */
  default void exchanged(String redactedCommand, String outcome, Duration took) {}

  /** The module says that it joined or left its Wi-Fi network. */
  default void wifi(boolean joined) {}

  /** A link is connected; one that the module's server accepted has {@code 0.0.0.0} as its peer. */
  default void opened(int link, InetSocketAddress peer) {}

  /**
   * The module was told to push what comes for a link, or, because its reader was behind, to keep
   * it until it is asked for; for {@link #ALL_LINKS} where the firmware has but one setting.
   */
  default void receiving(int link, boolean pushed) {}

  /**
   * A link has ended: it failed for {@code cause}, or its socket was closed, also after the peer's
   * own end, and {@code cause} is null. Told once, whichever was first.
   */
  default void closed(int link, @Nullable Exception cause) {}

  /** The module is lost, and every link with it; also when it is closed. */
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
