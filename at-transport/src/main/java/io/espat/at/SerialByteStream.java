package io.espat.at;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A serial port as a byte stream: the only class that knows jSerialComm.
 *
 * <p>The library's own time-outs have steps of 100 ms and its streams report a time-out as the end,
 * so a thread of ours reads without a limit into a ring, and every deadline is ours. A second
 * thread writes, because a line held by flow control would block the caller for ever.
 */
final class SerialByteStream implements SerialLine {
  private static final Logger LOG = LogManager.getLogger();
  private static final int DEFAULT_BAUD = 115_200;
  private static final int AHEAD = 64 * 1024;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private static final int ENOENT = 2;
  private static final int ENXIO = 6;
  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int EBUSY = 16;
  private static final int ENODEV = 19;
  private static final int EISDIR = 21;
  private static final int ENOTTY = 25;

  private static final Pattern SERVER = Pattern.compile("[^/:]+:\\d{1,5}");

  private final SerialPort port;
  private final String name;
  private final ByteRing ring = new ByteRing(AHEAD);
  private final SynchronousQueue<Outgoing> outgoing = new SynchronousQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Duration patience; // a module may stand still as long, and then give up a send
  private volatile int baud;
  private volatile Duration timeout = Duration.ZERO;
  private volatile @Nullable Thread writer;

  /**
   * Bytes on their way out; {@code done} is counted down when they are queued, or never will be.
   */
  private static final class Outgoing {
    private final byte[] bytes;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable IOException failure;

    Outgoing(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private SerialByteStream(SerialPort port, String name, int baud, Duration patience) {
    this.port = port;
    this.name = name;
    this.baud = baud;
    this.patience = patience;
  }

  /** Opens a port by its path or name; symbolic links and pseudo-terminals work. */
  static ByteStream open(String device, ModuleConfig config) throws DeviceException {
    SerialPort port = find(device);
    int baud = config.baud() == ModuleConfig.ANY_BAUD ? DEFAULT_BAUD : config.baud();
    port.setComPortParameters(baud, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, 0, 0);
    // an active DTR or RTS resets boards with the usual auto-reset circuit; set before opening
    port.clearDTR();
    port.clearRTS();
    port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED); // until a test has shown that it works
    if (!port.openPort(0)) {
      throw refused(device, port);
    }
    SerialByteStream stream = new SerialByteStream(port, device, baud, config.sendTimeout());
    stream.start(config);
    return stream;
  }

  /** Lists the ports present, sorted by device. */
  static List<SerialPorts.Port> ports() throws DeviceException {
    prepare();
    try {
      return Stream.of(SerialPort.getCommPorts())
          .map(SerialByteStream::described)
          .sorted(Comparator.comparing(SerialPorts.Port::device))
          .toList();
    } catch (LinkageError e) {
      throw unloadable(e);
    }
  }

  /** Opens a file of jSerialComm's jar; null when it has none of that name. */
  static @Nullable InputStream resource(String path) {
    // the class literal does not initialise the class, which would load the native library
    return SerialPort.class.getResourceAsStream(path);
  }

  private static SerialPorts.Port described(SerialPort port) {
    int vendor = port.getVendorID();
    String usb = vendor < 0 ? "" : String.format("%04x:%04x", vendor, port.getProductID());
    String serial = port.getSerialNumber();
    boolean known = serial != null && !serial.equals("Unknown");
    return new SerialPorts.Port(
        port.getSystemPortPath(), usb, port.getDescriptivePortName(), known ? serial : "");
  }

  private static void prepare() throws DeviceException {
    try {
      NativeLibrary.prepare();
    } catch (IOException e) {
      throw unloadable(e);
    }
  }

  private static DeviceException unloadable(Throwable cause) {
    return new DeviceException(
        DeviceException.NATIVE,
        "loading the native library for serial ports: " + cause,
        "set java.io.tmpdir to a folder where programs may be run, or use tcp://host:port",
        cause);
  }

  private static SerialPort find(String device) throws DeviceException {
    prepare();
    try {
      return SerialPort.getCommPort(device);
    } catch (SerialPortInvalidPortException e) {
      throw missing(device, e);
    } catch (LinkageError e) {
      throw unloadable(e);
    }
  }

  private static DeviceException missing(String device, @Nullable Throwable cause) {
    return new DeviceException(
        DeviceException.MISSING,
        "opening " + device + ": no such serial port",
        SERVER.matcher(device).matches()
            ? "for a serial port server write tcp://" + device
            : "plug the module in, or see which ports there are with: espat ports",
        cause);
  }

  private static DeviceException refused(String device, SerialPort port) {
    int error = port.getLastErrorCode();
    Path path = Path.of(device);
    boolean isFile = device.startsWith("/");
    if (error == ENOENT || error == ENXIO || error == ENODEV || isFile && !Files.exists(path)) {
      return missing(device, null);
    }
    if (error == ENOTTY || error == EISDIR) {
      return new DeviceException(
          DeviceException.MISSING,
          "opening " + device + ": it is not a serial port",
          "see which ports there are with: espat ports",
          null);
    }
    if (error == EACCES || isFile && !(Files.isReadable(path) && Files.isWritable(path))) {
      return new DeviceException(
          DeviceException.PERMISSION,
          "opening " + device + ": permission denied",
          "add yourself to the group that owns the port (often dialout), then log in again",
          null);
    }
    String why =
        error == EBUSY || error == EAGAIN ? "another program has it open" : "error " + error;
    return new DeviceException(
        DeviceException.BUSY,
        "opening " + device + ": " + why,
        "end the other program (a terminal, a modem manager) and try again",
        null);
  }

  private static int flow(boolean rtsCts) {
    return rtsCts
        ? SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED
        : SerialPort.FLOW_CONTROL_DISABLED;
  }

  private void start(ModuleConfig config) {
    start(config, this::pump, "reads ");
    writer = start(config, this::drain, "writes ");
  }

  private Thread start(ModuleConfig config, Runnable work, String what) {
    Thread thread = config.threadFactory().newThread(work);
    thread.setName("espat " + what + name);
    thread.start();
    return thread;
  }

  private void pump() {
    byte[] buffer = new byte[4096];
    try {
      int count = port.readBytes(buffer, buffer.length);
      while (count > 0 && ring.put(buffer, 0, count)) {
        count = port.readBytes(buffer, buffer.length);
      }
      // -1 is the library's word for a vanished port; the descriptor stays "open"
      ring.end(closed.get() ? null : new IOException("reading " + name + ": the port is gone"));
    } catch (InterruptedException e) {
      ring.end(new IOException("the reader of " + name + " was interrupted", e));
    }
  }

  private void drain() {
    try {
      while (!closed.get()) {
        Outgoing next = outgoing.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          next.failure = writeAll(next.bytes);
          Arrays.fill(next.bytes, (byte) 0); // may hold a passphrase
          next.done.countDown();
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("{}: the writer ends", name);
    }
  }

  private @Nullable IOException writeAll(byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int count = port.writeBytes(bytes, bytes.length - done, done);
      if (count <= 0) {
        return new IOException(
            String.format("writing %s: the port took %d of %d bytes", name, done, bytes.length));
      }
      done += count;
    }
    return null;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    return ring.take(buffer, offset, count, timeout);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    byte[] copy = new byte[count];
    System.arraycopy(bytes, offset, copy, 0, count);
    Outgoing mine = new Outgoing(copy);
    // ten bits a byte on the line, twice as long for good measure
    Duration limit = patience.plusMillis(2L * 10 * 1000 * count / baud);
    if (closed.get() || !handedOver(mine, Deadline.in(limit))) {
      throw new IOException(
          closed.get()
              ? "writing " + name + ": the port was closed"
              : String.format(
                  "writing %d bytes to %s: the line stood still for %d s (flow control?)",
                  count, name, limit.toSeconds()));
    }
    IOException failure = mine.failure;
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits, interrupted or not: half a command on the wire would be worse than a late interrupt. */
  private boolean handedOver(Outgoing bytes, Deadline deadline) {
    boolean interrupted = false;
    boolean taken = false;
    try {
      while (!closed.get() && !deadline.passed()) {
        try {
          taken = taken || outgoing.offer(bytes, 100, TimeUnit.MILLISECONDS);
          if (taken && bytes.done.await(100, TimeUnit.MILLISECONDS)) {
            return true;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void timeout(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public void baud(int baud) throws IOException {
    done(port.setBaudRate(baud), "setting " + baud + " baud");
    this.baud = baud;
  }

  @Override
  public void rtsCts(boolean on) throws IOException {
    done(port.setFlowControl(flow(on)), "switching RTS/CTS flow control " + (on ? "on" : "off"));
  }

  @Override
  public void rts(boolean asserted) throws IOException {
    done(asserted ? port.setRTS() : port.clearRTS(), "driving RTS");
  }

  @Override
  public void dtr(boolean asserted) throws IOException {
    done(asserted ? port.setDTR() : port.clearDTR(), "driving DTR");
  }

  @Override
  public boolean cts() throws IOException {
    return port.getCTS();
  }

  private void done(boolean worked, String what) throws IOException {
    if (!worked) {
      throw new IOException(
          what + " on " + name + ": refused (error " + port.getLastErrorCode() + ")");
    }
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Closes within two seconds: on some systems the library's close can hang, so it has a thread.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    ring.discard();
    Thread writes = writer;
    if (writes != null) {
      writes.interrupt();
    }
    Thread closer = new Thread(port::closePort, "espat closes " + name);
    closer.setDaemon(true);
    closer.start();
    try {
      closer.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
