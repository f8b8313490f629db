package io.espat.sim;

/** One {@code AT+SYSFLASH=1}: so many bytes into a partition, as they come; no Recv line. */
final class FlashWrite implements Intake {
  private final CommandPort port;
  private final Flash.Partition partition;
  private int offset;
  private int left;

  FlashWrite(CommandPort port, Flash.Partition partition, int offset, int length) {
    this.port = port;
    this.partition = partition;
    this.offset = offset;
    left = length;
  }

  @Override
  public void take(byte[] chunk) {
    int count = Math.min(left, chunk.length);
    partition.write(offset, chunk, count);
    offset += count;
    left -= count;
    if (count < chunk.length) {
      port.busy();
    }
    if (left == 0) {
      port.later(() -> port.verdict("\r\nOK\r\n"));
    }
  }

  @Override
  public boolean complete() {
    return left == 0;
  }
}
