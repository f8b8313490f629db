package io.espat.tls;

/** What is needed to resume a session. */
final class SavedSession {
  boolean canResume() {
    return false;
  }
}
