/**
 * The espat command.
 *
 * <p>{@link io.espat.cli.Main} is the only way in; everything else is package-private.
 */
@NullMarked
package io.espat.cli;

import org.jspecify.annotations.NullMarked;
