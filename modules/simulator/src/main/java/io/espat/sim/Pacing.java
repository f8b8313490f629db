package io.espat.sim;

/** What a line with a speed tells its module, and is told by it; loop thread only. */
interface Pacing {
  /** The module sleeps until a whole chunk has arrived. */
  int CHUNKS = 0;

  /** The module sleeps until a line has arrived. */
  int LINE = -1;

  /** The module sleeps until a line has arrived, or a chunk of it that it echoes. */
  int ECHOED_LINE = -2;

  /** A line without a speed. */
  Pacing NONE =
      new Pacing() {
        @Override
        public boolean paced() {
          return false;
        }

        @Override
        public int unsent() {
          return 0;
        }

        @Override
        public void expect(int what) {}

        @Override
        public void retune(Settings.UartSetting setting) {}

        @Override
        public void restart(Settings.UartSetting setting) {}
      };

  boolean paced();

  /** How many bytes the line has taken that have not left the module's transmit ring. */
  int unsent();

  /** Says what the module sleeps for next: a number of bytes, or one of the constants above. */
  void expect(int what);

  /** Sets the module's end of the line once all that was said has left it. */
  void retune(Settings.UartSetting setting);

  /** Sets the module's end of the line at once; what has not left it is forgotten. */
  void restart(Settings.UartSetting setting);
}
