// Copyright (c) 2026, streamops.kafka_connect contributors
// SPDX-License-Identifier: GPL-3.0-or-later

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Properties;

/**
 * java.util.Properties for tests of another language: one question a line, one answer a line. Texts are the hexadecimal
 * digits of their UTF-16BE, so that nothing of the format itself is needed to carry them.
 */
public class PropertiesOracle {
    public static void main(String[] arguments) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(words[0].equals("load") ? load(text(words[1])) : store(text(words[1]), text(words[2])));
            System.out.flush();
        }
    }

    /** "entries", then a "key=value" for each entry; or "refused" where Java takes the text for broken. */
    private static String load(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException broken) {
            return "refused";
        }
        StringBuilder answer = new StringBuilder("entries");
        for (String key : properties.stringPropertyNames()) {
            answer.append(' ').append(hex(key)).append('=').append(hex(properties.getProperty(key)));
        }
        return answer.toString();
    }

    /** The file that Java writes for one entry. */
    private static String store(String key, String value) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        properties.store(file, null);
        return "file " + hex(file.toString(StandardCharsets.ISO_8859_1));
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_16BE);
    }

    private static String hex(String text) {
        // Not through bytes: an encoder would put something else into the place of half a character.
        StringBuilder digits = new StringBuilder();
        for (char unit : text.toCharArray()) {
            digits.append(HexFormat.of().toHexDigits(unit));
        }
        return digits.toString();
    }
}
