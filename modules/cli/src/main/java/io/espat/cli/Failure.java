package io.espat.cli;

import org.jspecify.annotations.Nullable;

/**
 * A failure in the words that the user will read.
 *
 * <p>{@code stage}, {@code server}, {@code why} and {@code remedy} are left out of the message when
 * null or empty. {@code server} may have several lines: the server's own, verbatim.
 */
record Failure(
    ErrorId id,
    String what,
    @Nullable String stage,
    @Nullable String server,
    @Nullable String why,
    @Nullable String remedy) {

  static Failure of(ErrorId id, @Nullable String why) {
    return new Failure(id, id.what(), null, null, why, id.remedy());
  }

  Json json() {
    return new Json()
        .put("id", id.text())
        .put("code", code().number())
        .put("what", what)
        .put("stage", stage)
        .put("server", server)
        .put("why", why)
        .put("do", remedy);
  }

  ExitCode code() {
    return id.code();
  }

  Failure what(String text) {
    return new Failure(id, text, stage, server, why, remedy);
  }

  Failure stage(@Nullable String text) {
    return new Failure(id, what, text, server, why, remedy);
  }

  Failure server(@Nullable String words) {
    return new Failure(id, what, stage, words, why, remedy);
  }

  Failure why(@Nullable String text) {
    return new Failure(id, what, stage, server, text, remedy);
  }

  Failure remedy(@Nullable String text) {
    return new Failure(id, what, stage, server, why, text);
  }
}
