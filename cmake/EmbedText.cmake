# Embeds text files into a source file: cosell_embed(out.cpp NAMESPACE cosell::store NAMES kA kB FILES a.sql b.sql)
# defines `extern const std::string_view kA` and so on. The declaration stands in a header beside the user.
function(cosell_embed out)
  cmake_parse_arguments(EMBED "" "NAMESPACE" "NAMES;FILES" ${ARGN})
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_text_run.cmake)
  set(absolute "")
  foreach(file ${EMBED_FILES})
    list(APPEND absolute ${CMAKE_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} "-DOUT=${out}" "-DNAMESPACE=${EMBED_NAMESPACE}" "-DNAMES=${EMBED_NAMES}"
            "-DFILES=${absolute}" -P ${script}
    DEPENDS ${absolute} ${script}
    VERBATIM)
endfunction()
