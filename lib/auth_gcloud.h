/* SPDX-License-Identifier: ISC */
/*
 * auth_gcloud - what gcloud, Google's own command, left in its folder
 *
 * The folder is $CLOUDSDK_CONFIG or $HOME/.config/gcloud. Configurations are
 * "gcloud topic configurations": active_config holds a name, and
 * configurations/config_NAME properties in sections, as in INI files.
 */
#ifndef AUTH_GCLOUD_H
#define AUTH_GCLOUD_H

/*
 * The path of application_default_credentials.json, or NULL if there is no
 * such file; the caller frees.
 */
char *auth_gcloud_credentials(void);

/*
 * "project" of the section "core" in the configuration that is active, or
 * that $CLOUDSDK_ACTIVE_CONFIG_NAME names, or NULL; the caller frees.
 */
char *auth_gcloud_project(void);

#endif
