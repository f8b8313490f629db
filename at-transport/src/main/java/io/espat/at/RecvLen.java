package io.espat.at;

/** Reads the value of {@code +CIPRECVLEN:5,0,-1,,0}, which differs between versions. */
final class RecvLen {
  private RecvLen() {}

  /** Returns a count for each field; closed links (-1, 0 or empty) and noise count as 0. */
  static int[] parse(String value) {
    String[] fields = value.split(",", -1);
    int[] counts = new int[fields.length];
    for (int i = 0; i < fields.length; i++) {
      try {
        counts[i] = Math.max(0, Integer.parseInt(fields[i].strip()));
      } catch (NumberFormatException e) {
        counts[i] = 0;
      }
    }
    return counts;
  }
}
