package io.espat.sim;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The partitions that {@code AT+SYSFLASH} shows; they outlive every restart. Loop thread only. */
final class Flash {
  private static final int SECTOR = 4096;

  /** One partition; its bytes are made when they are first asked for. */
  static final class Partition {
    private final String listed;
    private final int size;
    private byte @Nullable [] bytes;

    private Partition(int type, int subtype, int address, int size) {
      listed = String.format("%d,%d,0x%x,0x%x", type, subtype, address, size);
      this.size = size;
    }

    /** Type, subtype, address and size as they are listed. */
    String listed() {
      return listed;
    }

    int size() {
      return size;
    }

    private byte[] bytes() {
      byte[] made = bytes;
      if (made == null) {
        made = new byte[size];
        Arrays.fill(made, (byte) 0xFF);
        bytes = made;
      }
      return made;
    }

    /** Erases whole sectors and says whether that is what they were. */
    boolean erase(int offset, int length) {
      if (offset % SECTOR != 0 || length % SECTOR != 0) {
        return false;
      }
      Arrays.fill(bytes(), offset, offset + length, (byte) 0xFF);
      return true;
    }

    /** Writes as flash does: bits that are 0 stay 0 until they are erased. */
    void write(int offset, byte[] from, int count) {
      byte[] to = bytes();
      for (int i = 0; i < count; i++) {
        to[offset + i] &= from[i];
      }
    }

    byte[] read(int offset, int length) {
      return Arrays.copyOfRange(bytes(), offset, offset + length);
    }
  }

  private final Map<String, Partition> partitions = new LinkedHashMap<>();

  Flash() {
    partitions.put("mfg_nvs", new Partition(1, 2, 0x21000, 0x1c000));
    partitions.put("fs_storage", new Partition(1, 255, 0x70000, 0x50000));
  }

  Map<String, Partition> partitions() {
    return partitions;
  }

  /** A partition whose bytes may be asked for: what AT+SYSMFG keeps is not kept as an image. */
  @Nullable Partition raw(String name) {
    return name.equals("mfg_nvs") ? null : partitions.get(name);
  }
}
