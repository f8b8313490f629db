/**
 * The links of an ESP-AT module as Java sockets.
 *
 * <p>Most users need {@link io.espat.at.EspAtModule}, with a {@link io.espat.at.ModuleConfig} when
 * the defaults do not fit; {@link io.espat.at.ByteStream} is the seam for other carriers.
 */
@NullMarked
package io.espat.at;

import org.jspecify.annotations.NullMarked;
