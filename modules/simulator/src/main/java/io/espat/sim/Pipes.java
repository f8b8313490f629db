package io.espat.sim;

import java.io.InputStream;
import java.io.OutputStream;

/** A line whose other end is in this process. */
interface Pipes extends Line {
  OutputStream fromHost();

  InputStream toHost();
}
