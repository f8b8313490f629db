package io.espat.at;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Opens serial ports: {@code serial:PATH}, a bare path or name, {@code auto}, {@code id:}, {@code
 * usb:}.
 */
public final class SerialByteStreamProvider implements ByteStreamProvider {

  /** Makes the provider, for {@link java.util.ServiceLoader}. */
  public SerialByteStreamProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("serial", "id", "usb");
  }

  @Override
  public ByteStream open(String spec, ModuleConfig config) throws IOException {
    return SerialByteStream.open(device(spec), config);
  }

  private static String device(String spec) throws DeviceException {
    if (spec.startsWith("id:")) {
      String wanted = spec.substring("id:".length());
      return only(spec, port -> port.serialNumber().equalsIgnoreCase(wanted));
    }
    if (spec.startsWith("usb:")) {
      String wanted = spec.substring("usb:".length());
      return only(spec, port -> port.usbId().equalsIgnoreCase(wanted));
    }
    String device = spec.startsWith("serial:") ? spec.substring("serial:".length()) : spec;
    if (device.isBlank()) {
      throw new DeviceException(
          DeviceException.MISSING,
          "opening " + spec + ": no port is named",
          "see which ports there are with: espat ports",
          null);
    }
    return device.equals("auto") ? only(spec, port -> true) : device;
  }

  /** Picks the one port that fits; a guess among several could talk to somebody else's device. */
  private static String only(String spec, Predicate<SerialPorts.Port> fits) throws DeviceException {
    List<SerialPorts.Port> all = SerialPorts.list();
    List<SerialPorts.Port> found = all.stream().filter(fits).toList();
    if (found.size() == 1) {
      return found.get(0).device();
    }
    String listed =
        all.stream()
            .map(port -> port.device() + " (" + port.description() + ")")
            .collect(Collectors.joining(", "));
    throw new DeviceException(
        DeviceException.MISSING,
        "choosing a serial port for "
            + spec
            + ": "
            + (found.isEmpty() ? "none" : "more than one")
            + " fits; present: "
            + (listed.isEmpty() ? "none" : listed),
        found.isEmpty() ? "plug the module in, or name its port" : "name one of them",
        null);
  }
}
