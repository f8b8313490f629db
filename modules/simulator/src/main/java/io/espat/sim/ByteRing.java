package io.espat.sim;

/** Bytes in the order in which they came; grows when it must. Not safe for several threads. */
final class ByteRing {
  private byte[] bytes;
  private int head;
  private int size;

  ByteRing(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void put(byte[] from, int offset, int count) {
    room(count);
    int tail = (head + size) % bytes.length;
    int first = Math.min(count, bytes.length - tail);
    System.arraycopy(from, offset, bytes, tail, first);
    System.arraycopy(from, offset + first, bytes, 0, count - first);
    size += count;
  }

  void put(byte one) {
    room(1);
    bytes[(head + size++) % bytes.length] = one;
  }

  private void room(int count) {
    if (size + count > bytes.length) {
      byte[] larger = new byte[Math.max(2 * bytes.length, size + count)];
      int held = size;
      take(larger, 0, held);
      bytes = larger;
      head = 0;
      size = held;
    }
  }

  void take(byte[] into, int offset, int count) {
    int first = Math.min(count, bytes.length - head);
    System.arraycopy(bytes, head, into, offset, first);
    System.arraycopy(bytes, 0, into, offset + first, count - first);
    drop(count);
  }

  byte take() {
    byte one = bytes[head];
    drop(1);
    return one;
  }

  /** Moves the first bytes to the end of another ring. */
  void move(ByteRing to, int count) {
    int first = Math.min(count, bytes.length - head);
    to.put(bytes, head, first);
    to.put(bytes, 0, count - first);
    drop(count);
  }

  void drop(int count) {
    head = (head + count) % bytes.length;
    size -= count;
  }

  /** Where a byte stands first, or −1. */
  int indexOf(byte wanted) {
    for (int i = 0; i < size; i++) {
      if (bytes[(head + i) % bytes.length] == wanted) {
        return i;
      }
    }
    return -1;
  }

  void clear() {
    head = 0;
    size = 0;
  }
}
