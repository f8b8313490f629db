package io.espat.at;

import java.io.IOException;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Finds the provider of a device specification by its scheme. */
final class Providers {
  private static final String DEFAULT_SCHEME = "serial";

  private Providers() {}

  static ByteStream open(ModuleConfig config) throws IOException {
    String spec = config.device();
    String scheme = scheme(spec);
    TreeSet<String> known = new TreeSet<>();
    for (ByteStreamProvider provider : ServiceLoader.load(ByteStreamProvider.class)) {
      if (provider.schemes().contains(scheme)) {
        return provider.open(spec, config);
      }
      known.addAll(provider.schemes());
    }
    throw new DeviceException(
        DeviceException.MISSING,
        "opening " + spec + ": no carrier for the scheme '" + scheme + "'",
        "use one of " + known + ", or the path or name of a serial port",
        null);
  }

  /** A specification without a scheme is a serial port; so is a path such as C:\dev. */
  static String scheme(String spec) {
    int colon = spec.indexOf(':');
    if (colon < 2) {
      return DEFAULT_SCHEME;
    }
    String scheme = spec.substring(0, colon).toLowerCase(Locale.ROOT);
    boolean wellFormed = scheme.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9');
    return wellFormed ? scheme : DEFAULT_SCHEME;
  }
}
