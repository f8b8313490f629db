package io.espat.cli;

/** Carries a {@link Failure} that the command itself found, up to where messages are printed. */
final class FailureException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  FailureException(Failure failure) {
    super(failure.what());
    this.failure = failure;
  }

  FailureException(Failure failure, Throwable cause) {
    super(failure.what(), cause);
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }

  /** Options or arguments that cannot be meant so; the remedy is what to write instead. */
  static FailureException usage(String what, String remedy) {
    return new FailureException(
        new Failure(ErrorId.USAGE_, what, null, null, null, remedy.isEmpty() ? null : remedy));
  }
}
