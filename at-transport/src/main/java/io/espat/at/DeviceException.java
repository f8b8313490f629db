package io.espat.at;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says why the device that leads to the module could not be opened, and what to do about it. */
public final class DeviceException extends IOException {
  private static final long serialVersionUID = 1L;

  /** No device of that name, or none that could be chosen. */
  public static final String MISSING = "E-DEV-MISSING";

  /** Another program has the device open. */
  public static final String BUSY = "E-DEV-BUSY";

  /** The user may not open the device. */
  public static final String PERMISSION = "E-DEV-PERM";

  /** The native library of the serial port could not be loaded. */
  public static final String NATIVE = "E-DEV-NATIVE";

  /** The line to the module cannot do what was asked of it: RTS/CTS, or a reset by line. */
  public static final String LINE = "E-DEV-LINE";

  /** The stable error id. */
  private final String id;

  /** What the user can do. */
  private final String remedy;

  DeviceException(String id, String message, String remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.id = id;
    this.remedy = remedy;
  }

  /** Returns the error id, one of the constants of this class. */
  public String id() {
    return id;
  }

  /** Returns what can be done about it, in one sentence. */
  public String remedy() {
    return remedy;
  }
}
