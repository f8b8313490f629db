package io.espat.at;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries bytes to and from a module, or over one of its links.
 *
 * <p>Unlike a pair of {@link InputStream} and {@link OutputStream} it has a read time-out that
 * loses no byte, a name for messages, and nothing that a serial port or a pipe cannot honour. One
 * thread may read while another writes; any thread may close.
 */
public interface ByteStream extends Closeable {

  /**
   * Reads what has arrived, at least one byte.
   *
   * <p>Blocks until a byte arrives, at most for the time-out.
   *
   * @return how many bytes were read, or -1 once the wire has ended
   * @throws SocketTimeoutException if nothing arrived in time; no byte is lost
   */
  int read(byte[] buffer, int offset, int count) throws IOException;

  /**
   * Writes all the bytes, in order, as one piece where the carrier has pieces.
   *
   * <p>Blocks while the other side applies flow control. After an exception an unknown part of the
   * bytes has left.
   */
  void write(byte[] bytes, int offset, int count) throws IOException;

  /** Sends what {@link #write} may hold back; most carriers hold nothing. */
  default void flush() throws IOException {}

  /** Bounds each following read; zero, the default, waits without a limit. */
  void timeout(Duration timeout);

  /**
   * Returns the settings of the serial line that carries the bytes; empty where they are out of
   * reach, as behind a serial port server. A decorator returns those of what it decorates.
   */
  default Optional<SerialLine> line() {
    return Optional.empty();
  }

  /** Says what this is called in messages, such as {@code /dev/ttyUSB0}; never a secret. */
  String name();

  /** Ends the stream and every call blocked in it; closing twice is safe. */
  @Override
  void close() throws IOException;

  /**
   * Opens the device of a specification with the line settings of {@link ModuleConfig}'s defaults.
   *
   * @see #open(ModuleConfig)
   */
  static ByteStream open(String spec) throws IOException {
    return open(ModuleConfig.builder().device(spec).build());
  }

  /**
   * Opens {@link ModuleConfig#device()} by the provider of its scheme.
   *
   * <p>{@code /dev/ttyUSB0}, {@code COM3}, {@code auto} and {@code serial:/dev/ttyUSB0} are serial
   * ports, {@code tcp://host:port} a serial port server; further schemes come from {@link
   * ByteStreamProvider}s on the class path. The caller closes the stream.
   *
   * @throws DeviceException if there is no such device or it cannot be used
   */
  static ByteStream open(ModuleConfig config) throws IOException {
    return Providers.open(config);
  }

  /**
   * Makes one byte stream of two streams, which its {@link #close} closes.
   *
   * <p>A daemon thread reads ahead at most 64 KiB, because an {@link InputStream} has no time-out.
   */
  static ByteStream of(InputStream in, OutputStream out) {
    return new StreamPair("stream", in, out);
  }
}
