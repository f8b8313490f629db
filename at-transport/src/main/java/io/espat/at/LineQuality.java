package io.espat.at;

import java.util.Locale;

/** Guesses, from what was heard while nothing made sense, why a module did not answer. */
final class LineQuality {
  private boolean bootText;
  private boolean garbage;

  void heard(Inbound message) {
    if (message instanceof Inbound.Line line) {
      String text = line.text().toLowerCase(Locale.ROOT);
      bootText |= text.contains("rst:0x") || text.contains("rst cause") || text.contains("esp-rom");
      garbage |= text.chars().anyMatch(c -> c == 0xfffd || c < ' ' && c != '\t');
    }
  }

  /** Looks at what came, which need not have been a line. */
  void heard(byte[] raw) {
    for (byte b : raw) {
      garbage |= b < ' ' && b != '\r' && b != '\n' && b != '\t';
    }
  }

  /** Returns what to tell the user after the search for the module ended. */
  ModuleLostException silence(String name, ModuleConfig config, int speeds) {
    String doing = "looking for a module on " + name + ": ";
    String where = speeds > 2 ? " at any of " + speeds + " speeds" : "";
    long seconds = Math.max(1, config.openTimeout().toSeconds());
    if (bootText) {
      return new ModuleLostException(
          AtException.BOOT,
          doing + "its boot loader speaks, but no AT firmware answered within " + seconds + " s",
          null);
    }
    if (garbage) {
      return new ModuleLostException(
          AtException.BAUD,
          speeds > 2
              ? doing + "only garbage" + where
              : doing
                  + "only garbage within "
                  + seconds
                  + " s; is "
                  + config.baud()
                  + " baud right?",
          null);
    }
    return new ModuleLostException(
        AtException.SILENT,
        doing + "no answer" + (speeds > 2 ? where : " within " + seconds + " s"),
        null);
  }
}
