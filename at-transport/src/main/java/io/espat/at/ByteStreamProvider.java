package io.espat.at;

import java.io.IOException;
import java.util.Set;

/**
 * Opens byte streams for device specifications of its schemes; found by {@link
 * java.util.ServiceLoader}.
 *
 * <p>A provider is a public class with a public constructor without parameters, named in {@code
 * META-INF/services/io.espat.at.ByteStreamProvider}.
 */
public interface ByteStreamProvider {

  /** Names the schemes, in lower case and without the colon, that this provider opens. */
  Set<String> schemes();

  /**
   * Opens the device that {@code spec}, scheme included, stands for.
   *
   * <p>{@code config} holds the line settings; what the carrier has no use for is ignored. The
   * caller closes the stream.
   *
   * @throws DeviceException if there is no such device or it cannot be used
   */
  ByteStream open(String spec, ModuleConfig config) throws IOException;
}
