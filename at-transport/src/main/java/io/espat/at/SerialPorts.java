package io.espat.at;

import java.util.List;

/** Lists the serial ports of this computer. */
public final class SerialPorts {
  private SerialPorts() {}

  /**
   * A serial port.
   *
   * @param device what to open, such as {@code /dev/ttyUSB0} or {@code COM3}
   * @param usbId vendor and product in hex, such as {@code 303a:1001}; empty when not on USB
   * @param description what the driver calls it
   * @param serialNumber the adapter's serial number, or an empty string
   */
  public record Port(String device, String usbId, String description, String serialNumber) {}

  /**
   * Lists the ports present now, sorted by device; pseudo-terminals are not listed, but open.
   *
   * @throws DeviceException if the native library cannot be loaded
   */
  public static List<Port> list() throws DeviceException {
    return SerialByteStream.ports();
  }
}
