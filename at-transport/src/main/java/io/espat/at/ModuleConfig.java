package io.espat.at;

import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** How a module is opened and how long it may take; immutable. */
public final class ModuleConfig {
  /** For {@link Builder#baud}: the usual speeds are tried until the module answers. */
  public static final int ANY_BAUD = 0;

  private final String device;
  private final int baud;
  private final int speed;
  private final FlowControl flow;
  private final ReceiveMode receive;
  private final ResetMode reset;
  private final Recovery recovery;
  private final Duration openTimeout;
  private final Duration commandTimeout;
  private final Duration connectTimeout;
  private final Duration sendTimeout;
  private final ThreadFactory threadFactory;
  private final @Nullable ModuleListener listener;
  private final Map<String, InetAddress> addresses;
  private final StandardProtocolFamily family;

  private ModuleConfig(Builder builder) {
    this.device = builder.device;
    this.baud = builder.baud;
    this.speed = builder.speed;
    this.flow = builder.flow;
    this.receive = builder.receive;
    this.reset = builder.reset;
    this.recovery = builder.recovery;
    this.openTimeout = builder.openTimeout;
    this.commandTimeout = builder.commandTimeout;
    this.connectTimeout = builder.connectTimeout;
    this.sendTimeout = builder.sendTimeout;
    this.threadFactory = builder.threadFactory;
    this.listener = builder.listener;
    this.addresses = Map.copyOf(builder.addresses);
    this.family = builder.family;
  }

  /** Returns the defaults: device {@code auto}, 115200 baud. */
  public static ModuleConfig defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from this configuration. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.device = device;
    builder.baud = baud;
    builder.speed = speed;
    builder.flow = flow;
    builder.receive = receive;
    builder.reset = reset;
    builder.recovery = recovery;
    builder.openTimeout = openTimeout;
    builder.commandTimeout = commandTimeout;
    builder.connectTimeout = connectTimeout;
    builder.sendTimeout = sendTimeout;
    builder.threadFactory = threadFactory;
    builder.listener = listener;
    builder.addresses.putAll(addresses);
    builder.family = family;
    return builder;
  }

  /** Returns the device specification. */
  public String device() {
    return device;
  }

  /** Returns the line speed in baud, or {@link #ANY_BAUD}. */
  public int baud() {
    return baud;
  }

  /** Returns the speed that the line is raised to for the session; 0 leaves it. */
  public int speed() {
    return speed;
  }

  /** Returns the flow control of the serial line. */
  public FlowControl flow() {
    return flow;
  }

  /** Returns how the module hands over what its peers have sent. */
  public ReceiveMode receive() {
    return receive;
  }

  /** Returns how the module is reset before it is spoken to. */
  public ResetMode reset() {
    return reset;
  }

  /** Returns whether a lost module is brought up again. */
  public Recovery recovery() {
    return recovery;
  }

  /** Returns the limit for finding the module's voice while opening. */
  public Duration openTimeout() {
    return openTimeout;
  }

  /** Returns the limit for an ordinary command. */
  public Duration commandTimeout() {
    return commandTimeout;
  }

  /** Returns the limit for resolving a name and for connecting a link, each. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns the limit for the verdict on a send, counted from the end of its payload. */
  public Duration sendTimeout() {
    return sendTimeout;
  }

  /** Returns what makes the module's threads. */
  public ThreadFactory threadFactory() {
    return threadFactory;
  }

  /** Returns the listener that also hears the bring-up, if any. */
  @Nullable ModuleListener listener() {
    return listener;
  }

  /** Returns the address that stands for a host whatever the module would say, if there is one. */
  @Nullable InetAddress address(String host) {
    return addresses.get(host.toLowerCase(Locale.ROOT));
  }

  /** Returns the family of addresses that names are resolved to where there is a choice. */
  public StandardProtocolFamily family() {
    return family;
  }

  /** Collects a configuration; each setting has a default. */
  public static final class Builder {
    private String device = "auto";
    private int baud = 115_200;
    private int speed;
    private FlowControl flow = FlowControl.AUTO;
    private ReceiveMode receive = ReceiveMode.AUTO;
    private ResetMode reset = ResetMode.NONE;
    private Recovery recovery = Recovery.NONE;
    private Duration openTimeout = Duration.ofSeconds(10);
    private Duration commandTimeout = Duration.ofSeconds(5);
    private Duration connectTimeout = Duration.ofSeconds(25);
    private Duration sendTimeout = Duration.ofSeconds(20);
    private ThreadFactory threadFactory = Builder::daemon;
    private @Nullable ModuleListener listener;
    private final Map<String, InetAddress> addresses = new HashMap<>();
    private StandardProtocolFamily family = StandardProtocolFamily.INET;

    private Builder() {}

    private static Thread daemon(Runnable work) {
      Thread thread = new Thread(work);
      thread.setDaemon(true);
      return thread;
    }

    /**
     * Sets the device: {@code auto}, a path or port name, {@code serial:...}, {@code tcp://...}.
     */
    public Builder device(String device) {
      this.device = device;
      return this;
    }

    /**
     * Sets the line speed at which the module is spoken to first, 80 to 5000000 baud; 115200 is the
     * default of ESP-AT. {@link #ANY_BAUD} tries the usual speeds, 115200 first, on a {@link
     * SerialLine}: up to 8 s while the module is silent.
     */
    public Builder baud(int baud) {
      this.baud = baud == ANY_BAUD ? baud : checked(baud);
      return this;
    }

    /**
     * Raises the line to this speed for the session, 80 to 5000000 baud; by {@code AT+UART_CUR},
     * never stored. 0, the default, leaves it.
     *
     * <p>Kept only if some kilobytes pass both ways without a fault; else, and at close, the speed
     * is the one before. Needs a {@link SerialLine}.
     */
    public Builder speed(int speed) {
      this.speed = speed == 0 ? speed : checked(speed);
      return this;
    }

    private static int checked(int baud) {
      if (baud < 80 || baud > 5_000_000) {
        throw new IllegalArgumentException("baud must be 80 to 5000000: " + baud);
      }
      return baud;
    }

    /** Sets the flow control of the serial line; {@link FlowControl#AUTO} by default. */
    public Builder flow(FlowControl flow) {
      this.flow = flow;
      return this;
    }

    /** Sets how the module hands over received data; {@link ReceiveMode#AUTO} by default. */
    public Builder receive(ReceiveMode receive) {
      this.receive = receive;
      return this;
    }

    /** Sets how the module is reset while opening; {@link ResetMode#NONE} by default. */
    public Builder reset(ResetMode reset) {
      this.reset = reset;
      return this;
    }

    /**
     * Sets whether a lost module is brought up again; {@link Recovery#NONE} by default.
     *
     * <p>Meanwhile new sockets and commands wait, at most for their own time-out, and then fail
     * with the cause of the loss; new connections also wait for a Wi-Fi network that went away. A
     * device that was unplugged is opened again by {@link #device} if the module was opened so.
     */
    public Builder recovery(Recovery recovery) {
      this.recovery = recovery;
      return this;
    }

    /** Bounds the search for a module that answers; 10 s by default. */
    public Builder openTimeout(Duration limit) {
      this.openTimeout = positive(limit);
      return this;
    }

    /** Bounds an ordinary command; 5 s by default. */
    public Builder commandTimeout(Duration limit) {
      this.commandTimeout = positive(limit);
      return this;
    }

    /**
     * Bounds resolving and connecting, each; 25 s by default, because the module itself may take 18
     * s to give up.
     */
    public Builder connectTimeout(Duration limit) {
      this.connectTimeout = positive(limit);
      return this;
    }

    /**
     * Bounds the wait for a send's verdict; 20 s by default. The module is told to give up itself
     * after three quarters of it.
     */
    public Builder sendTimeout(Duration limit) {
      this.sendTimeout = positive(limit);
      return this;
    }

    /** Sets what makes the threads; they are named afterwards, daemon threads by default. */
    public Builder threadFactory(ThreadFactory factory) {
      this.threadFactory = factory;
      return this;
    }

    /** Sets a listener that also hears the bring-up. */
    public Builder listener(ModuleListener listener) {
      this.listener = listener;
      return this;
    }

    /** Lets {@code address} stand for {@code host}, which the module is then not asked about. */
    public Builder address(String host, InetAddress address) {
      addresses.put(host.toLowerCase(Locale.ROOT), address);
      return this;
    }

    /**
     * Prefers addresses of this family for names, IPv4 by default. With {@code INET6} the module is
     * asked for an IPv6 address first, where its firmware has IPv6 (2.2 and later).
     *
     * @throws IllegalArgumentException for a family that is neither
     */
    public Builder family(StandardProtocolFamily family) {
      if (family != StandardProtocolFamily.INET && family != StandardProtocolFamily.INET6) {
        throw new IllegalArgumentException("not a family of internet addresses: " + family);
      }
      this.family = family;
      return this;
    }

    /** Returns the configuration. */
    public ModuleConfig build() {
      return new ModuleConfig(this);
    }

    private static Duration positive(Duration limit) {
      if (limit.isZero() || limit.isNegative()) {
        throw new IllegalArgumentException("a time limit must be positive: " + limit);
      }
      return limit;
    }
  }
}
