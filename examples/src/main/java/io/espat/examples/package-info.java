/**
 * One program for each task, to copy from.
 *
 * <p>Begin with {@link io.espat.examples.SendMail} or {@link io.espat.examples.UploadFile}.
 */
@NullMarked
package io.espat.examples;

import org.jspecify.annotations.NullMarked;
